import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Product } from './product.ts';
import { readProducts } from './read-products.ts';

/** The products a migration replaces, from products.json: what the read-only probe looks for. */
export const products: readonly Product[] = readProducts(readFileSync(fileURLToPath(new URL('./products.json', import.meta.url)), 'utf8'));
