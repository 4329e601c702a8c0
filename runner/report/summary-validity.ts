/** The rules of validity as text: those that do not hold with what to do, then all of them. */
import { brokenRules, type Summary } from '../result/summary-schema.ts';
import { type Colors, count, ms, percent, WIDTH, wrap } from './format.ts';
import { table } from './table.ts';

export type Rule = NonNullable<Summary['validity']>['rules'][number];

/** What makes a run INVALID, each rule with value, limit and remedy. */
export function invalidLines(summary: Summary, colors: Colors): string[] {
  return brokenRules(summary).flatMap((rule) => [
    colors.red(`  ✗ ${rule.rule}`),
    ...wrap(brokenRule(rule), WIDTH - 6).map((line) => `      ${line}`),
  ]);
}

/** One sentence: the value and of what, the limit, what it is, what to do. */
export function brokenRule(rule: Rule): string {
  const of = rule.of === null ? '' : ` of ${rule.of}`;
  const figures = `${ruleFigure(rule, rule.value)}${of}, limit ${ruleFigure(rule, rule.limit)}`;
  return `${figures} (${rule.what}); ${rule.remedy ?? ''}`;
}

export function validityTable({ validity }: Summary, colors: Colors): string[] {
  if (validity === undefined) return [];
  return table(
    [
      ['', 'rule', 'of', 'value', 'limit', ''],
      ...validity.rules.map((rule) => [
        mark(rule, colors),
        rule.rule,
        rule.of ?? '',
        ruleFigure(rule, rule.value),
        ruleFigure(rule, rule.limit),
        ruleRemark(rule),
      ]),
    ],
    'lllrrl',
  );
}

function mark({ value, judged, ok }: Rule, colors: Colors): string {
  if (value === null) return '·';
  if (judged) return ok ? colors.green('✓') : colors.red('✗');
  return ok ? '·' : colors.yellow('!');
}

/** Why a rule judges nothing here; empty where it does. */
export function ruleRemark({ value, limit, judged }: Rule): string {
  if (value === null) return 'not known here';
  if (limit === null) return 'no limit: no threshold asks for a time';
  return judged ? '' : 'reported only';
}

/** Value or limit in the unit of the rule. */
export function ruleFigure({ unit }: Rule, value: number | null): string {
  switch (unit) {
    case 'ms':
      return value === null ? ms(value) : `${ms(value)} ms`;
    case 'count':
      return count(value);
    case 'ratio':
      return value !== null && value < 0 ? `-${percent(-value)}` : percent(value);
  }
}
