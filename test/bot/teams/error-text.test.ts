import { errorText } from '../../../bot/teams/error-text.ts';

it.each([
  ['a token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl back', /eyJ|c2ln/],
  ['a bearer', 'Authorization: Bearer abc-123', /abc-123/],
  ['a secret in a query', 'https://x/?client_secret=hunter2&sig=hunter3', /hunter/],
  ['a secret in JSON', '{"password":"hunter2"}', /hunter/],
  ['a connection string', 'AccountKey=hunter2;', /hunter/],
])('%s does not reach the log', (_what, message, secret) => {
  expect(errorText(new Error(message))).not.toMatch(secret);
});

it('is one line without control characters', () => {
  expect(errorText(new Error('a\r\nb\u001b[31mc\u202ed'))).toBe('Error: a b [31mc d');
});

it('is short', () => {
  expect(errorText(new Error('x'.repeat(10_000))).length).toBeLessThanOrEqual(300);
});
