/** What the page says about people, and where there is nothing to show. */

export default {
  'name.handle': 'You will be called {name} here, so that others can mention you.',
  'folded.joined.one': '{count} person joined',
  'folded.joined.other': '{count} people joined',
  'folded.left.one': '{count} left',
  'folded.left.other': '{count} left',
  'folded.show': 'Show',
  'folded.hide': 'Show less',
  'empty.goTo': 'Go to {room}',
  'person.here': 'here now',
  'person.away': 'away',
  'person.elsewhere': 'not in this room',
  'person.mention': 'Mention',
  'person.messages': 'Their messages',
};
