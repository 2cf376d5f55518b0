package org.fasthebb.models.retrieval;

import java.util.Arrays;

/**
 * The k first of a row of similarities, in one pass: a heap of the best so far with the worst of
 * them on top, which most similarities do not pass.
 */
final class TopK {
  private final long[] heap;

  /**
   * For rows of at least k similarities.
   *
   * @param k at least 1
   */
  TopK(int k) {
    heap = new long[k];
  }

  /**
   * The {@link Keys} of the first k of {@code count} similarities, in order, until the next call.
   */
  long[] select(float[] similarities, int from, int count) {
    int k = heap.length;
    for (int i = 0; i < k; i++) {
      heap[i] = Keys.of(similarities[from + i], i);
    }
    for (int parent = k / 2 - 1; parent >= 0; parent--) {
      sink(parent, heap[parent]);
    }
    float worst = Keys.similarity(heap[0]);
    for (int i = k; i < count; i++) {
      float similarity = similarities[from + i];
      if (similarity > worst) { // where it is equal, the lower index is in the heap already
        sink(0, Keys.of(similarity, i));
        worst = Keys.similarity(heap[0]);
      }
    }
    Arrays.sort(heap);
    return heap;
  }

  /** Puts a key into the place {@code at} or below, where larger ones move up. */
  private void sink(int at, long key) {
    for (int child; (child = 2 * at + 1) < heap.length; at = child) {
      if (child + 1 < heap.length && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= key) {
        break;
      }
      heap[at] = heap[child];
    }
    heap[at] = key;
  }
}
