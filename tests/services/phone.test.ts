import { expect, test } from 'vitest';
import { phoneOf, writtenForms } from '../../services/notification/phone.ts';

test.each([
  ['+86 139 0000 1001', '+8613900001001'],
  ['0086-139-0000-1001', '+8613900001001'],
  ['8613900001001', '+8613900001001'],
  ['139 0000 1001', '+8613900001001'],
  ['(010) 8888 0000', '+861088880000'],
  ['+49 30 123456', '+4930123456'],
  ['+86 139\r\n0000 1001', '+8613900001001'],
])('%j is called %s', (written, called) => {
  expect(phoneOf(written, '86')).toBe(called);
});

test.each(['', '+', '110', 'hotline', '+86 139 0000 1001 / +86 139 0000 1002'])(
  '%j is no phone number',
  (written) => {
    expect(phoneOf(written, '86')).toBeNull();
  },
);

test('a number is found however it was written down', () => {
  expect(writtenForms('8613900001001', '86')).toEqual([
    '8613900001001',
    '13900001001',
    '013900001001',
  ]);
  expect(writtenForms('4930123456', '86')).toEqual(['4930123456']);
});
