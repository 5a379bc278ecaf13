/** What the page says beside its first words, in English: loaded with whatever says it. */
import dialogs from './dialogs.js';
import inviting from './inviting.js';
import moderation from './moderation.js';
import people from './people.js';
import writing from './writing.js';

export default { ...dialogs, ...inviting, ...moderation, ...people, ...writing };
