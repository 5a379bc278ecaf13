/** Was die Seite über Menschen sagt, und dort, wo nichts zu zeigen ist. */

export default {
  'name.handle': 'Hier heißt du {name}, damit andere dich erwähnen können.',
  'folded.joined.one': '{count} Mensch kam dazu',
  'folded.joined.other': '{count} Menschen kamen dazu',
  'folded.left.one': '{count} ging',
  'folded.left.other': '{count} gingen',
  'folded.show': 'Zeigen',
  'folded.hide': 'Weniger zeigen',
  'empty.goTo': 'Zu {room}',
  'person.here': 'jetzt hier',
  'person.away': 'nicht da',
  'person.elsewhere': 'nicht in diesem Raum',
  'person.mention': 'Erwähnen',
  'person.messages': 'Alles von dieser Person',
};
