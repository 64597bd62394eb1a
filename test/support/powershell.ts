import { readFileSync } from 'node:fs';
import { Language, type Node, Parser } from 'web-tree-sitter';

export type PowerShellNode = Node;

/** A parser of PowerShell: the grammar an editor uses, which knows every version of the language at once. */
export async function powerShellParser(): Promise<(text: string) => Node> {
  await Parser.init();
  const grammar = readFileSync(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm'));
  const parser = new Parser().setLanguage(await Language.load(new Uint8Array(grammar)));
  return (text) => {
    const tree = parser.parse(text);
    if (!tree) throw new Error('the parser gave up');
    return tree.rootNode;
  };
}

/** What the grammar stumbles over, each with its line. */
export function mistakes(node: Node): string[] {
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`];
  return node.hasError ? node.children.flatMap((child) => (child ? mistakes(child) : [])) : [];
}

/** All nodes of the given types, in the order of the text. */
export function nodesOf(node: Node, ...types: string[]): Node[] {
  return node.descendantsOfType(types).flatMap((found) => (found ? [found] : []));
}
