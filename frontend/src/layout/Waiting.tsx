import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';

/** The moment before there is any page. */
export function Waiting() {
  return (
    <main>
      <Box padding="xxl" textAlign="center">
        <Box variant="h1" fontSize="heading-m">
          Loading
        </Box>
        <Spinner size="large" />
      </Box>
    </main>
  );
}
