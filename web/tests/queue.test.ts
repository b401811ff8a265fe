import { beforeEach, expect, test, vi } from 'vitest';
import { queue } from '../src/lib/stores/queue.svelte';
import type { EditAnswer } from '../src/lib/api/types';

beforeEach(() => {
  localStorage.clear();
  while (queue.waiting.length) queue.drop(0);
});

test('what could not be saved is kept in the browser and sent again, oldest first, each once', async () => {
  const sent: unknown[] = [];
  let up = false;
  queue.begin(async (body) => {
    if (!up) throw new Error('gone');
    sent.push(body.key);
    return {} as EditAnswer;
  }, vi.fn(async () => undefined));
  queue.keep({ key: 'one' }, 'weg');
  queue.keep({ key: 'two' }, 'weg');
  expect(JSON.parse(localStorage.getItem('itg.waiting') ?? '[]')).toHaveLength(2);
  await queue.retry();
  expect(queue.waiting).toHaveLength(2);
  up = true;
  await queue.retry();
  expect(sent).toEqual(['one', 'two']);
  expect(queue.waiting).toHaveLength(0);
  expect(JSON.parse(localStorage.getItem('itg.waiting') ?? '[]')).toHaveLength(0);
});
