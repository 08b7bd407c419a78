// Small sets of whole numbers as ascending lists, so that equal sets are equal states.

export function addNumber(list: number[], added: number): void {
  const at = list.findIndex((one) => one >= added);
  if (at < 0) list.push(added);
  else if (list[at] !== added) list.splice(at, 0, added);
}

export function removeNumber(list: number[], removed: number): void {
  const at = list.indexOf(removed);
  if (at >= 0) list.splice(at, 1);
}
