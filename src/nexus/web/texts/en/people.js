/** What the page says about people, and where there is nothing to show. */

export default {
  'person.here': 'here now',
  'person.away': 'away',
  'person.elsewhere': 'not in this room',
  'person.since': 'joined on {day}',
  'person.mention': 'Mention',
  'person.messages': 'Their messages',
  'you.parts': 'Settings sections',
  'you.part.account': 'Account',
  'you.part.notifications': 'Notifications',
  'you.part.appearance': 'Appearance',
  'you.part.keys': 'Keys and writing',
  'settings.density': 'Message spacing',
  'settings.density.roomy': 'Roomy',
  'settings.density.compact': 'Compact',
  'settings.clock': 'Times',
  'settings.clock.locale': 'Usual for the language',
  'settings.clock.h23': '24 hours',
  'settings.clock.h12': '12 hours',
};
