/** What roles and names cannot reach in components of Cloudscape. */
import createWrapper from '@cloudscape-design/components/test-utils/dom';
import { act, fireEvent } from '@testing-library/react';

const ENTER = 13;

/** Adds a free text to the only property filter of the page. */
export function filterBy(text: string): void {
  const filter = createWrapper().findPropertyFilter();
  act(() => {
    filter?.findNativeInput().focus();
    filter?.setInputValue(text);
  });
  const input = filter?.findNativeInput().getElement();
  if (input !== undefined) {
    fireEvent.keyDown(input, { key: 'Enter', keyCode: ENTER });
  }
}

/** Opens the select or multiselect with this label's control and picks an option by its text. */
export function pick(control: HTMLElement, text: string): void {
  act(() => {
    fireEvent.mouseDown(control);
  });
  const options = Array.from(document.querySelectorAll<HTMLElement>('[role="option"]'));
  const option = options.find((element) => element.textContent.includes(text));
  if (option === undefined) {
    throw new Error(`There is no option ${text}; there are ${options.map((o) => o.textContent).join(', ')}.`);
  }
  act(() => {
    option.dispatchEvent(new MouseEvent('mouseup', { bubbles: true, cancelable: true }));
  });
}
