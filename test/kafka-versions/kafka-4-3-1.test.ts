import { testOn } from './cases.ts';

testOn('4.3.1');
