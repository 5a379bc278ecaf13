/**
 * Markup as tagged templates: Preact through htm, so that nothing has to be built.
 *
 * A component is drawn again when its properties are others, or a topic that it has watched changed. So each that
 * shows what changes in place watches the topic of that itself.
 */

import '@preact/signals'; // whatever a component reads of a signal draws it again
import { h } from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
