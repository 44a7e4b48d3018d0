/** A property that a list is filtered by: contained or not, equal or not. */
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

type FilteringProperty = PropertyFilterProps.FilteringProperty;

/** The same for rows of one kind: only what they have can be named. */
export type FilterPropertyOf<Row> = (key: keyof Row & string, label: string) => FilteringProperty;

export const filterProperty = (key: string, label: string): FilteringProperty => ({
  key,
  propertyLabel: label,
  groupValuesLabel: label,
  operators: [':', '!:', '=', '!='],
});
