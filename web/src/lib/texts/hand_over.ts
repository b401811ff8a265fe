import type { Pairs } from './pair';

export const handOver = {
  handOverLead: [
    'Maak de opdracht en de beslisnota uit wat besloten is. Wat nog mist staat rechts; overdragen kan pas als het klopt of een naam het draagt.',
    'Make the assignment and the decision note from what was decided. What is missing stands at the right; handing over works once it is right or a name carries it.',
  ],
  documents: ['Documenten', 'Documents'],
  noDocuments: ['Kies een straat of programma; wij maken de eerste versie.', 'Choose a street or programme; we make the first version.'],
  gateOf: ['{passed} van {of}', '{passed} of {of}'],
  gate: ['Poort', 'Gate'],
  gateOpen: ['Alles klaar om over te dragen', 'Everything ready to hand over'],
  pointsOpen: ['Nog {n} punten open', '{n} points still open'],
  pointsOpenOne: ['Nog 1 punt open', '1 point still open'],
  solve: ['Los op', 'Solve'],
  doHandOver: ['Draag over', 'Hand over'],
  stillHandOver: ['Toch, met naam en reden', 'Still, with name and reason'],
  gateCloses: ['De knop gaat open als alle punten klaar zijn.', 'The button opens once all points are done.'],
  adoptWhy: ['Reden van vaststellen', 'Reason for adopting'],
  adoptUntil: ['Stel vast tot en met', 'Adopt up to and including'],
  adopted: ['Vastgesteld. Het programma tot en met {year} staat vast.', 'Adopted. The programme up to and including {year} is fixed.'],
  preview: ['Voorbeeld van {name}', 'Preview of {name}'],
  makingDocument: ['Wij maken dit document. Dat duurt een paar seconden.', 'Making this document. It takes a few seconds.'],
  noPreview: ['Dit bestand heeft geen voorbeeld; haal het op.', 'This file has no preview; download it.'],
  noGate: ['Voor dit bestand zijn geen voorwaarden.', 'There are no conditions for this file.'],
  thisOpening: ['deze opening', 'this opening'],
  handTable: ['Documenten als tabel', 'Documents as a table'],
  format: ['Soort bestand', 'Kind of file'],
} as const satisfies Pairs;
