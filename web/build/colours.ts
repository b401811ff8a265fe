// Colours have one source: src/integralie/schema/colours.csv, the list that the report, QGIS styles and drawings read too.
// This plugin hands it to the workbench twice: as a module (virtual:colours) and as CSS variables (virtual:colours.css).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('../../src/integralie/schema/colours.csv', import.meta.url));

type Row = Record<string, string>;

export function readColours(): Row[] {
  const [head, ...lines] = readFileSync(SOURCE, 'utf-8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value.trim()])));
}

export function cssOf(rows: Row[]): string {
  const lines = rows.flatMap((row) => {
    const name = `--itg-${row.group === 'network' ? 'net' : 'color'}-${row.name.replaceAll('.', '-').replaceAll('_', '-')}`;
    const out = [`${name}: ${row.screen};`, `${name}-on: ${row.on};`];
    if (row.casing) out.push(`${name}-soft: ${row.casing};`);
    return out;
  });
  return `.itg-theme {\n  ${lines.join('\n  ')}\n}\n`;
}

export function colours(): Plugin {
  return {
    name: 'integralie-colours',
    resolveId(id) {
      return id === 'virtual:colours' || id === 'virtual:colours.css' ? `\0${id}` : null;
    },
    load(id) {
      if (id === '\0virtual:colours') return `export default ${JSON.stringify(readColours())};`;
      return id === '\0virtual:colours.css' ? cssOf(readColours()) : null;
    },
  };
}
