import type { WorkBudget } from '../../work-budget.ts';
import { isNumber } from '../decimal.ts';
import { formats, numberFormats } from '../formats.ts';
import { countIn, type Keyword, mustBe } from '../keyword.ts';
import { faultOf } from '../schema-node.ts';

/** The number of characters, counted as code points. */
function lengthOf(text: string, budget: WorkBudget): number {
  budget.spend(text.length >> 4);
  let length = 0;
  for (let at = 0; at < text.length; at++, length++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) at++;
  }
  return length;
}

/** Keywords for strings. */
export const textKeywords: readonly Keyword[] = [
  {
    name: 'maxLength',
    make(value) {
      const most = countIn('maxLength', value);
      const message = `must NOT have more than ${most} characters`;
      return (data, { budget }) =>
        typeof data !== 'string' || data.length <= most || (data.length <= 2 * most && lengthOf(data, budget) <= most)
          ? null
          : faultOf(message);
    },
  },
  {
    name: 'minLength',
    make(value) {
      const least = countIn('minLength', value);
      const message = `must NOT have fewer than ${least} characters`;
      return (data, { budget }) =>
        typeof data !== 'string' || data.length >= 2 * least || (data.length >= least && lengthOf(data, budget) >= least)
          ? null
          : faultOf(message);
    },
  },
  {
    name: 'pattern',
    make(value, context) {
      if (typeof value !== 'string') return mustBe('pattern', 'a string');
      const pattern = context.pattern(value);
      const message = `must match pattern "${value}"`;
      return (data, { budget }) => (typeof data !== 'string' || pattern(data, budget) ? null : faultOf(message));
    },
  },
  {
    name: 'format',
    make(value) {
      if (typeof value !== 'string') return mustBe('format', 'a string');
      const message = `must match format "${value}"`;
      if (Object.hasOwn(numberFormats, value)) {
        const fits = numberFormats[value];
        return (data) => (!isNumber(data) || fits(data) ? null : faultOf(message));
      }
      // Unknown formats are ignored.
      if (!Object.hasOwn(formats, value)) return null;
      const fits = formats[value];
      return (data, { budget }) => {
        if (typeof data !== 'string') return null;
        budget.spend(data.length >> 2);
        return fits(data) ? null : faultOf(message);
      };
    },
  },
];
