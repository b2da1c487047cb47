import { testOn } from './cases.ts';

testOn('3.6.2');
