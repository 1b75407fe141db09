// A QR code of this page's address, with which phones open it; not where the address leads to this machine alone.
import { byId, setText, svg } from './elements.ts';

const LOCAL = /^(?:localhost|127\..*|\[::1\])$/;

export const connectQrCode = (): void => {
  const button = byId('qr');
  const dialog = byId('qr-code') as HTMLDialogElement;
  button.hidden = LOCAL.test(location.hostname);
  byId('qr-close').addEventListener('click', () => dialog.close());
  button.addEventListener('click', async () => {
    const address = `${location.origin}/`;
    setText(byId('qr-address'), address);
    dialog.showModal();
    const library = './uqr.mjs'; // of the package uqr; loaded only here, and not a file of this folder
    const loaded: typeof import('uqr') | undefined = await import(library).catch(() => undefined);
    if (loaded === undefined) return; // the cluster is down, and the address can be typed
    const { data, size } = loaded.encode(address, { ecc: 'M', border: 4 });
    const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
    byId('qr-drawing').replaceChildren(
      svg('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': address }, svg('path', { d: path })),
    );
  });
};
