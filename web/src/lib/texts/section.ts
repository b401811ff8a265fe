import type { Pairs } from './pair';

export const section = {
  sectionLead: [
    'U kijkt dwars door de straat, boven en onder de grond. Schuif de plek langs de straat; het oordeel verandert mee en zegt wat in de weg ligt.',
    'You look across the street, above and below ground. Move along the street; the verdict follows and says what is in the way.',
  ],
  sectionEmpty: ['Kies eerst een straat, op de kaart of met Zoek.', 'Choose a street first, on the map or with Search.'],
  sectionAt: ['{name} op {at}', '{name} at {at}'],
  atPlace: ['Plek langs de straat', 'Place along the street'],
  whichSection: ['Straatvak', 'Street section'],
  whenNow: ['Nu', 'Now'],
  whenClaims: ['Met claims', 'With claims'],
  whenYear: ['Na {year}', 'After {year}'],
  stateOf: ['Toestand', 'State'],
  stretch: ['Diepte 1,5×', 'Depth 1.5×'],
  doesItFit: ['Past het?', 'Does it fit?'],
  noClaims: ['Voor deze straat is geen ruimte gevraagd.', 'No room was asked for in this street.'],
  noNetworks: ['Van deze straat kennen wij geen kabels en leidingen. Leeg betekent hier niet: vrij.', 'We know no cables or pipes in this street. Empty does not mean free.'],
  freeWidth: ['vrij {free} van {all}', 'free {free} of {all}'],
  missing: ['Nodig: {what}', 'Needed: {what}'],
  klic: ['Afgedrukt is niet gegraven: vraag altijd KLIC.', 'Printed is not dug: always ask KLIC before digging.'],
  stackNote: ['Eenvoudige stapel: hoogtes en plaatsen zijn niet op schaal.', 'Simple stack: depths and positions are not to scale.'],
  sectionTable: ['Doorsnede als tabel', 'Section as a table'],
  fits: ['past', 'fits'],
  tight: ['krap', 'tight'],
  doesNotFit: ['past niet', 'does not fit'],
  loadingSection: ['Wij tekenen de doorsnede.', 'Drawing the section.'],
} as const satisfies Pairs;
