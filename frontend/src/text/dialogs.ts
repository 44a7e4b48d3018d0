/** Words of dialogs of more than one page. */

export const dialogs = {
  typeName: (name: string) => `Type ${name} to confirm`,
  nameDiffers: 'This is not the name.',
};
