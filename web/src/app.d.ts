/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module 'virtual:colours' {
  /** One row of colours.csv. */
  export interface ColourRow {
    name: string;
    group: 'network' | 'year' | 'verdict' | 'surface' | 'ink' | 'data' | 'map';
    screen: string;
    on: string;
    casing: string;
    pmkl: string;
    dash: string;
    letter: string;
    label_en: string;
    label_nl: string;
  }
  const rows: ColourRow[];
  export default rows;
}
declare module 'virtual:colours.css';
