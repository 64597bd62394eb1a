import type { Shape } from './picture.ts';

type Point = readonly [x: number, y: number];

// Only sums, products and square roots: these are exact everywhere, so the icons are the same on every machine.
const length = (x: number, y: number) => Math.sqrt(x * x + y * y);

export function circle([cx, cy]: Point, radius: number): Shape {
  return (x, y) => length(x - cx, y - cy) - radius;
}

export function roundedBox([cx, cy]: Point, halfWidth: number, halfHeight: number, radius: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + radius;
    const dy = Math.abs(y - cy) - halfHeight + radius;
    return length(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

/** A convex polygon; corners clockwise as seen on the screen. */
export function polygon(corners: readonly Point[]): Shape {
  const edges = corners.map((from, index) => [from, corners[(index + 1) % corners.length] as Point] as const);
  return (x, y) =>
    Math.max(...edges.map(([[ax, ay], [bx, by]]) => ((by - ay) * (x - ax) - (bx - ax) * (y - ay)) / length(bx - ax, by - ay)));
}

/** A line through the points, with round ends. */
export function line(points: readonly Point[], width: number): Shape {
  const pieces = points.slice(1).map((to, index) => [points[index] as Point, to] as const);
  return (x, y) => Math.min(...pieces.map(([from, to]) => distanceToPiece([x, y], from, to))) - width / 2;
}

/** The edge of a shape, drawn with a line of this width. */
export function edgeOf(shape: Shape, width: number): Shape {
  return (x, y) => Math.abs(shape(x, y)) - width / 2;
}

export function mirrored(shape: Shape, axis: number): Shape {
  return (x, y) => Math.min(shape(x, y), shape(2 * axis - x, y));
}

function distanceToPiece([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
  const part = Math.min(1, Math.max(0, along));
  return length(x - ax - part * (bx - ax), y - ay - part * (by - ay));
}
