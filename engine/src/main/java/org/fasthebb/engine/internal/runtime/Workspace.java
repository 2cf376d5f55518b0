package org.fasthebb.engine.internal.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Storage;
import org.fasthebb.engine.Tensor;

/**
 * Lends memory, keeps what is given back for the next use, by size class, and holds the stack of
 * open scopes.
 *
 * @param <M> a piece of memory, such as float[]
 */
public final class Workspace<M> {
  /** Size classes: four per power of two, so that at most a fifth of a piece is unused. */
  private static final int CLASSES = 4 * 32;

  private List<Deque<M>> free = noPieces();

  /**
   * Memory that was free when recorded work began. It is taken where {@link #free} has none. Null
   * unless work is being recorded.
   */
  private List<Deque<M>> lender;

  private final Deque<OpenScope> scopes = new ArrayDeque<>();
  private final Class<M> kind;
  private final IntFunction<M> allocate;
  private final ToIntFunction<M> capacity;

  /**
   * A workspace without memory yet.
   *
   * @param allocate allocates a piece for a number of floats
   * @param capacity tells for how many floats a piece was made
   */
  public Workspace(Class<M> kind, IntFunction<M> allocate, ToIntFunction<M> capacity) {
    this.kind = kind;
    this.allocate = allocate;
    this.capacity = capacity;
  }

  private static <M> List<Deque<M>> noPieces() {
    List<Deque<M>> none = new ArrayList<>();
    for (int i = 0; i < CLASSES; i++) {
      none.add(new ArrayDeque<>());
    }
    return none;
  }

  /** Memory for at least {@code size} floats, content unspecified. */
  public M take(int size) {
    int sizeClass = sizeClass(size);
    M memory = free.get(sizeClass).pollLast();
    if (memory == null && lender != null) {
      memory = lender.get(sizeClass).pollLast();
    }
    return memory != null ? memory : allocate.apply(capacity(sizeClass));
  }

  /** Takes memory back. */
  public void give(M memory) {
    free.get(sizeClass(capacity.applyAsInt(memory))).addLast(memory);
  }

  /**
   * Does the work and returns the memory that it used. That memory is not lent again before it is
   * given back.
   */
  List<M> reserve(Runnable work) {
    List<Deque<M>> before = free;
    lender = before;
    free = noPieces();
    List<M> used = new ArrayList<>();
    try {
      work.run();
      drain(used::add);
    } finally {
      drain(piece -> before.get(sizeClass(capacity.applyAsInt(piece))).addLast(piece));
      free = before;
      lender = null;
    }
    return used;
  }

  /** Hands all memory that is not lent to {@code consumer}, and forgets it. */
  public void drain(Consumer<M> consumer) {
    for (Deque<M> pieces : free) {
      pieces.forEach(consumer);
      pieces.clear();
    }
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

  /** Whether a scope is open. */
  public boolean inScope() {
    return !scopes.isEmpty();
  }

  /** Memory for {@code size} floats until the innermost scope closes. */
  public Storage lend(int size) {
    Storage storage = new Storage(take(size));
    scopes.getLast().lent.add(storage);
    return storage;
  }

  /** Opens a scope inside the one that is open. */
  public Scope open() {
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
      // Pooled memory may be longer than the tensor, so a tensor that is kept is copied to memory
      // of its own size.
      Tensor own = tensor.backend().zeros(tensor.shape()).assign(tensor);
      give(kind.cast(tensor.storage().release()));
      return own;
    }

    @Override
    public void close() {
      if (scopes.peekLast() != this) {
        throw new IllegalStateException("scopes close in the reverse order of opening");
      }
      scopes.removeLast();
      for (Storage storage : lent) {
        give(kind.cast(storage.release()));
      }
      lent.clear();
    }
  }
}
