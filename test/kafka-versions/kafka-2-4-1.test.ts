import { testOn } from './cases.ts';

testOn('2.4.1');
