import { testOn } from './cases.ts';

testOn('3.9.1');
