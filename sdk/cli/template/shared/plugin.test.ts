import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkContract } from '@patchbay/sdk/testing';

for (const { title, ok, message } of await checkContract({ folder: import.meta.dirname })) {
  test(title, () => {
    assert.ok(ok, message ?? title);
  });
}
