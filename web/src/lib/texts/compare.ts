import type { Pairs } from './pair';

export const compare = {
  compareLead: [
    'Elke kolom is een heel programma, met dezelfde maat gemeten. ‘Iedereen apart’ is wat er gebeurt als elke partij alleen haar eigen beste plan uitvoert.',
    'Each column is a whole programme, measured by the same yardstick. ‘Everyone alone’ is what happens if each party carries out only its own best plan.',
  ],
  everyoneAlone: ['Iedereen apart', 'Everyone alone'],
  computeAlone: ['Bereken iedereen apart', 'Compute everyone alone'],
  aloneNotYet: ['‘Iedereen apart’ is nog niet berekend. Dat duurt ongeveer zo lang als het programma zelf.', '‘Everyone alone’ was not computed yet. It takes about as long as the programme itself.'],
  measure: ['Maatstaf', 'Measure'],
  best: ['beste', 'best'],
  chooseColumns: ['Welke kolommen', 'Which columns'],
  gainsLosses: ['Wie wint, wie levert in: {one} tegen {other}', 'Who gains, who gives: {one} against {other}'],
  gainsEmpty: ['Zodra iedereen apart is berekend, staat hier per partij wat samenwerken oplevert.', 'Once everyone alone is computed, the gain of each party stands here.'],
  cheaper: ['goedkoper samen', 'cheaper together'],
  dearer: ['eerder of meer werk', 'earlier or more work'],
  netto: ['netto', 'net'],
  whyNumber: ['Hoe dit getal is gemaakt', 'How this number was made'],
  inOneSentence: ['In één zin', 'In one sentence'],
  showOnMap: ['Toon verschil op kaart', 'Show the difference on the map'],
  compareTable: ['Vergelijking als tabel', 'Comparison as a table'],
  sideBySide: ["{n} programma's naast elkaar", '{n} programmes side by side'],
  notAdded: ['Geld, gebruikerskosten en hinder staan apart en worden nooit opgeteld.', 'Money, user cost and nuisance stand apart and are never added up.'],
  unit: ['Eenheid', 'Unit'],
  notComputed: ['nog niet berekend', 'not computed yet'],
} as const satisfies Pairs;
