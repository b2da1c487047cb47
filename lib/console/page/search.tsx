import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { addressOf } from './address.ts';
import { askMembers, askText, rowsOf, shown } from './client.ts';
import { elementsOf, textOf } from './exact-json.ts';
import { go, useLoaded } from './hooks.ts';
import { Foreign } from './parts.tsx';

interface Hit {
  kind: 'topic' | 'group';
  name: string;
}

const MOST = 12;
const SECTION = { topic: 'topics', group: 'groups' };

/** Everything that can be found, without what the caller may not list. */
async function everything(signal: AbortSignal): Promise<Hit[]> {
  const lists = await Promise.allSettled([
    askText('/topics', { signal }).then((text) => elementsOf(text).map((name): Hit => ({ kind: 'topic', name: textOf(name) }))),
    askMembers('/groups', { signal }).then((members) =>
      rowsOf(members.get('groups')).map((group): Hit => ({ kind: 'group', name: shown(group, 'group_id') })),
    ),
  ]);
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
}

/** A search for any topic or group: Ctrl-K, or ⌘K. */
export function Search() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
  // A layout effect runs before the next key press: what is typed right after Ctrl-K belongs to the dialog.
  useLayoutEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Find … <kbd>Ctrl K</kbd>
      </button>
      <dialog ref={dialog} aria-label="Find a topic or a group" onClose={() => setOpen(false)}>
        {isOpen && <Finding leave={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}

function Finding({ leave }: { leave: () => void }) {
  const [written, setWritten] = useState('');
  const all = useLoaded('everything', everything).value ?? [];
  const hits = all.filter(({ name }) => name.toLowerCase().includes(written.toLowerCase()));
  const open = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    leave();
    go(addressOf([SECTION[hit.kind], hit.name]));
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    open(hits[0]);
  };
  return (
    <form onSubmit={submit}>
      <input
        type="search"
        aria-label="Name of a topic or a group"
        value={written}
        onInput={({ currentTarget }) => setWritten(currentTarget.value)}
      />
      <p role="status">{hits.length > MOST ? `The first ${MOST} of ${hits.length}` : `${hits.length} found`}</p>
      <ul>
        {hits.slice(0, MOST).map((hit) => (
          <li key={`${hit.kind} ${hit.name}`}>
            <button type="button" class="plain" onClick={() => open(hit)}>
              <Foreign text={hit.name} /> <span class="faint">{hit.kind}</span>
            </button>
          </li>
        ))}
      </ul>
    </form>
  );
}
