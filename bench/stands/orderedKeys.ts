/** Texts in order, a million of them: kept in pieces, so that one more moves few of the others. */

const LONGEST_PIECE = 1_024

export interface OrderedKeys {
  add(key: string): void
  remove(key: string): void
  /** In order, from the first that is not before `from`. */
  from(from: string): Generator<string>
}

export function createOrderedKeys(): OrderedKeys {
  const pieces: string[][] = [[]]

  /** The piece in which a key is or would be. */
  function pieceOf(key: string): number {
    let [low, high] = [0, pieces.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((pieces[middle]?.[0] ?? '') <= key) low = middle
      else high = middle - 1
    }
    return low
  }

  return {
    add(key) {
      const index = pieceOf(key)
      const piece = pieces[index] ?? []
      piece.splice(placeIn(piece, key), 0, key)
      if (piece.length > LONGEST_PIECE) pieces.splice(index + 1, 0, piece.splice(LONGEST_PIECE / 2))
    },
    remove(key) {
      const index = pieceOf(key)
      const piece = pieces[index] ?? []
      const place = placeIn(piece, key)
      if (piece[place] !== key) return
      piece.splice(place, 1)
      if (piece.length === 0 && pieces.length > 1) pieces.splice(index, 1)
    },
    *from(from) {
      const first = pieceOf(from)
      for (let index = first; index < pieces.length; index += 1) {
        const piece = pieces[index] ?? []
        for (let place = index === first ? placeIn(piece, from) : 0; place < piece.length; place += 1)
          yield piece[place] ?? ''
      }
    },
  }
}

/** The first place whose key is not before this one. */
function placeIn(piece: readonly string[], key: string): number {
  let [low, high] = [0, piece.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((piece[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
