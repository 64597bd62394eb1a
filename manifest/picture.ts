/** Red, green, blue and opacity, each 0 to 255; the colour is not multiplied by the opacity. */
export type Colour = readonly [red: number, green: number, blue: number, opacity: number];

/** Pixels row by row from the top left, four bytes each in the order of `Colour`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Signed distance in pixels from a point to the edge of a shape; negative inside. */
export type Shape = (x: number, y: number) => number;

export interface Layer {
  readonly shape: Shape;
  readonly colour: Colour;
}

/** A square picture: the layers over the background, first at the bottom, with smooth edges. */
export function paint(size: number, background: Colour, layers: readonly Layer[]): Picture {
  const pixels = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const colour = layers.reduce((under, layer) => over(under, layer, x + 0.5, y + 0.5), background);
      pixels.set(colour.map(Math.round), (y * size + x) * 4);
    }
  }
  return { width: size, height: size, pixels };
}

/** How much of the pixel around this point the shape covers, judged by the distance of its edge. */
function coverage(shape: Shape, x: number, y: number): number {
  return Math.min(1, Math.max(0, 0.5 - shape(x, y)));
}

function over(under: Colour, { shape, colour }: Layer, x: number, y: number): Colour {
  const top = (coverage(shape, x, y) * colour[3]) / 255;
  if (top === 0) return under;
  const rest = (under[3] / 255) * (1 - top);
  const mix = (channel: 0 | 1 | 2) => (colour[channel] * top + under[channel] * rest) / (top + rest);
  return [mix(0), mix(1), mix(2), (top + rest) * 255];
}
