import { Modal } from '@mantine/core'
import { useState } from 'react'
import { keysAreOn, keysNow, turnKeys } from '../hooks/keys.ts'
import { Check } from '../parts/check.tsx'

/** The keys that act on this very page. */
export function Help({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [isOn, setOn] = useState(keysAreOn)
  const turn = (on: boolean) => {
    turnKeys(on)
    setOn(on)
  }
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keys"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <dl className="keys">
        <div>
          <dt>
            <kbd>Ctrl K</kbd>
          </dt>
          <dd>Find or do anything</dd>
        </div>
        {isOpen &&
          keysNow().map(({ keys, does }) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
      </dl>
      <Check
        label="Single keys act on this device"
        description="Turn them off if your tools type keys by accident."
        checked={isOn}
        onChange={turn}
      />
    </Modal>
  )
}
