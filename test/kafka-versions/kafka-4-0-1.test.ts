import { testOn } from './cases.ts';

testOn('4.0.1');
