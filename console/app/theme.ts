import { Button, createTheme, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'

const SMALL = { defaultProps: { size: 'xs' } }

/** Dense controls; colours and sizes are in styles/tokens.css. Nothing here writes a style element, so
 * that the page's policy can forbid them: dialogs must not lock the scroll that way. */
export const THEME = createTheme({
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend(SMALL),
    NativeSelect: NativeSelect.extend(SMALL),
    Textarea: Textarea.extend(SMALL),
    TextInput: TextInput.extend(SMALL),
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, centered: false },
    }),
  },
})
