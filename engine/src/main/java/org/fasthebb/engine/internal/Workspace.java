package org.fasthebb.engine.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.fasthebb.engine.Layout;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Storage;
import org.fasthebb.engine.Tensor;

/**
 * Arrays that are lent and taken back, sorted by size class, and the stack of open scopes. Memory
 * once taken is kept for the next round of the same work.
 */
final class Workspace {
  /** Size classes: four per power of two, so that at most a fifth of an array lies idle. */
  private static final int CLASSES = 4 * 32;

  private final List<Deque<float[]>> free = new ArrayList<>();
  private final Deque<OpenScope> scopes = new ArrayDeque<>();

  Workspace() {
    for (int i = 0; i < CLASSES; i++) {
      free.add(new ArrayDeque<>());
    }
  }

  /** An array of at least {@code size} elements, content unspecified. */
  float[] take(int size) {
    int sizeClass = sizeClass(size);
    float[] array = free.get(sizeClass).pollLast();
    return array != null ? array : new float[capacity(sizeClass)];
  }

  /** Takes an array back. */
  void give(float[] array) {
    free.get(sizeClass(array.length)).addLast(array);
  }

  /** Smallest class whose capacity is at least {@code size}. */
  static int sizeClass(int size) {
    int n = Math.max(size, 16);
    int power = 31 - Integer.numberOfLeadingZeros(n);
    int quarter = (n - (1 << power) + (1 << (power - 2)) - 1) >> (power - 2);
    return 4 * power + quarter;
  }

  static int capacity(int sizeClass) {
    int power = sizeClass / 4;
    long capacity = (1L << power) + (long) (sizeClass % 4) * (1L << (power - 2));
    return (int) Math.min(capacity, Integer.MAX_VALUE - 8);
  }

  boolean inScope() {
    return !scopes.isEmpty();
  }

  Storage lend(int size) {
    Storage storage = new Storage(take(size));
    scopes.getLast().lent.add(storage);
    return storage;
  }

  Scope open() {
    OpenScope scope = new OpenScope();
    scopes.addLast(scope);
    return scope;
  }

  private final class OpenScope implements Scope {
    private final List<Storage> lent = new ArrayList<>();

    @Override
    public Tensor keep(Tensor tensor) {
      if (!lent.remove(tensor.storage())) {
        throw new IllegalArgumentException("tensor " + tensor.layout() + " is not of this scope");
      }
      OpenScope outer = scopes.stream().takeWhile(s -> s != this).reduce((x, y) -> y).orElse(null);
      if (outer != null) {
        outer.lent.add(tensor.storage());
        return tensor;
      }
      // Pooled arrays may be longer than the tensor; what lives on is cut to size.
      Layout layout = Layout.contiguous(tensor.shape());
      Storage own = new Storage(tensor.toArray());
      give(tensor.storage().release());
      return new Tensor(tensor.backend(), own, layout);
    }

    @Override
    public void close() {
      if (scopes.peekLast() != this) {
        throw new IllegalStateException("scopes close in the reverse order of opening");
      }
      scopes.removeLast();
      for (Storage storage : lent) {
        give(storage.release());
      }
      lent.clear();
    }
  }
}
