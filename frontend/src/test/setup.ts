import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';

import { listen, server, takeUnhandled } from './server';

// The first page of a file is transformed while the test already waits for it.
configure({ asyncUtilTimeout: 10_000, getElementError: (message) => new Error(message ?? '') });

/** What React and the components complain of fails the test that made them. */
const complaints: string[] = [];

beforeAll(() => {
  listen();
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
    complaints.push(words.map(String).join(' '));
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  // A test of files alone has no window.
  if (typeof window !== 'undefined') {
    window.sessionStorage.clear();
  }
  server.resetHandlers();
  expect(takeUnhandled()).toEqual([]);
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(() => {
  server.close();
});
