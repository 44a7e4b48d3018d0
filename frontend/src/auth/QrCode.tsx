import encodeQR from 'qr';

/** The quiet zone that readers need, in modules. */
const BORDER = 4;
const PIXELS_PER_MODULE = 4;

/** A QR code, drawn in the browser: dark on light whatever the mode, because readers need that. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { border: BORDER, ecc: 'medium' });
  const size = rows.length;
  const modules = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x.toString()} ${y.toString()}h1v1h-1z`] : [])),
  );
  return (
    <svg
      role="img"
      aria-label={label}
      width={size * PIXELS_PER_MODULE}
      height={size * PIXELS_PER_MODULE}
      viewBox={`0 0 ${size.toString()} ${size.toString()}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={modules.join('')} fill="#000" />
    </svg>
  );
}
