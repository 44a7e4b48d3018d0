/**
 * Moves the focus to the heading of a page that a link led to. The router loads no page, so
 * the focus would stay on the link, and a screen reader would not say that there is a new page.
 */
import { useEffect, useRef, type RefObject } from 'react';
import { NavigationType, useLocation, useNavigationType } from 'react-router';

/** The navigation that already moved the focus; it is not taken from where the person put it since. */
let answered: string | undefined;

export function useHeadingFocus(): RefObject<HTMLSpanElement | null> {
  const heading = useRef<HTMLSpanElement>(null);
  const navigation = useRef({ key: useLocation().key, type: useNavigationType() });
  useEffect(() => {
    const { key, type } = navigation.current;
    const isLost = document.activeElement === document.body;
    if (type !== NavigationType.Pop && (answered !== key || isLost)) {
      answered = key;
      heading.current?.focus();
    }
  }, []);
  return heading;
}
