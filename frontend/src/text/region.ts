/** Regions by code and name. */
import { regionNames } from './common';

export function regionText(region: string): string {
  const name = regionNames[region];
  return name === undefined ? region : `${region} (${name})`;
}

export const regionOptions = Object.entries(regionNames).map(([value, description]) => ({
  value,
  label: value,
  description,
}));
