/** Words of dialogs of more than one page. */
import { shown } from '../lib/shown';

export const dialogs = {
  typeName: (name: string) => `Type ${shown(name)} to confirm`,
  nameDiffers: 'This is not the name.',
};
