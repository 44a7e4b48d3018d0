import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';

import { listen, server, takeUnhandled } from './server';

// The first page of a file is transformed while the test already waits for it.
configure({ asyncUtilTimeout: 10_000, getElementError: (message) => new Error(message ?? '') });

beforeAll(() => {
  listen();
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
});

afterAll(() => {
  server.close();
});
