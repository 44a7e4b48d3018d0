import HelpPanel from '@cloudscape-design/components/help-panel';

import type { HelpTopic } from '../text/shell';

/** What a page is for, beside the page. */
export function Help({ topic }: { topic: HelpTopic }) {
  return (
    <HelpPanel header={<h2>{topic.title}</h2>}>
      {topic.paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      {topic.terms !== undefined && (
        <dl>
          {topic.terms.map(([term, meaning]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
    </HelpPanel>
  );
}
