package org.fasthebb.models.retrieval;

import java.util.Arrays;

/**
 * Selects the k largest of a row of similarities in one pass. A heap holds the best so far with the
 * worst of them on top; most similarities are smaller than that one and cost one comparison.
 */
final class TopK {
  private final long[] heap;

  /**
   * A selector for rows of at least k similarities.
   *
   * @param k at least 1
   */
  TopK(int k) {
    heap = new long[k];
  }

  /**
   * The {@link Keys} of the k largest of {@code count} similarities, in order; valid until the next
   * call.
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
      if (similarity > worst) { // of equal ones the lower index is already in the heap
        sink(0, Keys.of(similarity, i));
        worst = Keys.similarity(heap[0]);
      }
    }
    Arrays.sort(heap);
    return heap;
  }

  /** Puts a key at {@code at} or below it, moving larger keys up. */
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
