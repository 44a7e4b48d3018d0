import { render, screen } from '@testing-library/react';
import decodeQR from 'qr/decode.js';
import { expect, it } from 'vitest';

import { keyAddress } from './code';
import { QrCode } from './QrCode';

const PIXELS = 4;

/** The picture as a camera sees it. */
function photographed(picture: HTMLElement) {
  const size = Number(picture.getAttribute('viewBox')?.split(' ')[2]);
  const width = size * PIXELS;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  const path = picture.querySelector('path')?.getAttribute('d') ?? '';
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let pixel = 0; pixel < PIXELS * PIXELS; pixel += 1) {
      const column = Number(x) * PIXELS + (pixel % PIXELS);
      const row = Number(y) * PIXELS + Math.floor(pixel / PIXELS);
      data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  }
  return { width, height: width, data };
}

it('is read by a camera as the key of the person in the environment', () => {
  const address = keyAddress('prod', 'a+b@example.com', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
  render(<QrCode text={address} label="A key" />);
  const read = decodeQR(photographed(screen.getByRole('img', { name: 'A key' })));
  expect(read).toBe(address);
  expect(read).toBe(
    'otpauth://totp/DRS%20Orchestration%20prod:a%2Bb%40example.com' +
      '?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=DRS%20Orchestration%20prod',
  );
});
