/** How large a picture is drawn and where, in CSS pixels from the middle of the stage to the middle of the picture. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
export const ZOOM_MOST = 8;
/** With one press of a key or button, and with a double click. */
export const STEP = 1.5;
export const CLOSER = 2.5;

/** What is at that point stays there. */
export function zoomTo({ scale, x, y }: Zoom, to: number, at: Point = { x: 0, y: 0 }): Zoom {
  const next = Math.min(ZOOM_MOST, Math.max(1, to));
  const by = next / scale;
  return { scale: next, x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by };
}

/** Not further than its edges; `picture` is how large it is as a whole. */
export function keepWithin(zoom: Zoom, picture: Size, stage: Size): Zoom {
  const rest = (whole: number, room: number) => Math.max(0, (whole * zoom.scale - room) / 2);
  const [across, down] = [rest(picture.width, stage.width), rest(picture.height, stage.height)];
  const x = Math.min(across, Math.max(-across, zoom.x));
  const y = Math.min(down, Math.max(-down, zoom.y));
  return { scale: zoom.scale, x, y };
}
