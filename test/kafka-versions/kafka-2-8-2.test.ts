import { testOn } from './cases.ts';

testOn('2.8.2');
