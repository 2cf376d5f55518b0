package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.Test;

/**
 * Replaying recorded work gives the same as doing the work again, even after its operands have
 * changed.
 */
class RecordingConformanceTest extends Conformance {
  /** Number of values that each work reads. */
  private static final int IN = 8 * 12 * 14 * 32;

  /** Kinds of work on x, which has IN values from 0.5 to 1.5. */
  private static final Map<String, UnaryOperator<Tensor>> WORKS = new LinkedHashMap<>();

  static {
    result("product", x -> contract("bs,ns->bn", of(x, 96, 16), of(x, 9, 16)));
    result("batch", x -> contract("bij,bjk->bik", of(x, 3, 8, 7), of(x, 3, 7, 5)));
    result("long product", x -> contract("bs,bt->st", of(x, 2000, 8), of(x, 2000, 3)));
    result("symmetric", x -> contract("bn,bm->nm", of(x, 2000, 8), of(x, 2000, 8)));
    result("responses", x -> contract("bs,ns->bn", patches(x), of(x, 33, 288).square()));
    result("updates", x -> contract("bn,bs->ns", of(x, 960, 33).square(), patches(x)));
    result("map", x -> of(x, 9, 8, 7).permute(2, 0, 1).square().plus(1).log());
    result("zip", x -> of(x, 9, 8).div(of(x, 9, 1)).minus(of(x, 1, 8)));
    result("sums", x -> of(x, 9, 8, 7, 6).sum(0, 2));
    result("column sums", x -> of(x, 1600, 9).sumOfSquares(0));
    result("maxima", x -> of(x, 90, 8).max(1));
    result("patch norms", x -> patches(x).sumOfSquares(1));
    result("triangle", x -> of(x, 9, 9).copy().lowerTriangleAssign());
    result("softmax", x -> of(x, 50, 33).softmax(3));
    result("zeros", x -> x.backend().zeros(3, 4).addAssign(x.max()));
    result(
        "compete",
        x -> {
          Backend backend = x.backend();
          Tensor y = of(x, 600, 3).copy();
          Tensor squares = backend.empty(600, 3);
          Tensor sums = backend.zeros(2, 3);
          backend.device().compete(y, of(x, 600, 1), of(x, 1, 3), 5, squares, sums);
          return y.times(squares).plus(sums.slice(0, 1, 2));
        });
    result(
        "deflate",
        x -> {
          Tensor target = of(x, 30, 40).copy();
          x.device().deflate(of(x, 20, 30), of(x, 20, 40), of(x, 30, 40), 8, 0.1f, target);
          return target;
        });
    result(
        "pool",
        x -> {
          Backend backend = x.backend();
          Tensor top = backend.empty(3, 6, 7, 4);
          Tensor winners = backend.empty(3, 6, 7, 4);
          Tensor back = backend.empty(3, 12, 14, 4);
          backend.device().maxPool(of(x, 3, 12, 14, 4), 2, top, winners);
          backend.device().maxPoolBackward(top, winners, 2, back);
          return back;
        });
    result(
        "normalize",
        x -> {
          Backend backend = x.backend();
          Tensor mean = backend.empty(9);
          Tensor variance = backend.empty(9);
          backend.device().moments(of(x, 1600, 9), mean, variance);
          Tensor out = backend.empty(100, 9);
          backend.device().affine(of(x, 100, 9), variance, mean, out);
          return out;
        });
    result(
        "dropout",
        x -> {
          Tensor out = x.backend().empty(900);
          x.device().dropout(of(x, 900), 0.5f, 7, of(x, 1).times(100), out);
          return out;
        });
    result("uniform", x -> x.backend().empty(900).uniformAssign(7, of(x, 1).times(100)));
    result(
        "descend",
        x -> {
          Tensor w = of(x, 900).copy();
          Tensor velocity = of(x, 900).square();
          x.device().descend(List.of(w), List.of(of(x, 900)), List.of(velocity), 0.1f, 0.9f, 0.01f);
          return w.plus(velocity);
        });
    result(
        "indexSelect",
        x -> {
          Tensor rows = of(x, 5).times(0f).plus(1).reluBackward(of(x, 5).plus(-1));
          Tensor out = x.backend().empty(5, 7);
          x.backend().indexSelect(of(x, 4, 7), rows, out);
          return out;
        });
  }

  private static void result(String name, UnaryOperator<Tensor> work) {
    WORKS.put(name, work);
  }

  /** The first values of x. */
  private static Tensor of(Tensor x, int... shape) {
    return x.slice(0, 0, Tensors.count(shape)).reshape(shape);
  }

  /** Patches of so many channels that products with them are computed by Winograd's filtering. */
  private static Tensor patches(Tensor x) {
    return of(x, 8, 12, 14, 32).patches(3, 3);
  }

  private static float[] values(long seed) {
    float[] values = random(seed, IN).toArray();
    for (int i = 0; i < IN; i++) {
      values[i] = 1 + values[i] / 2;
    }
    return values;
  }

  @OnEveryBackend
  void everyOperationIsRepeated(Backend backend) {
    WORKS.forEach((name, work) -> {
      Tensor x = backend.zeros(IN);
      int[] shape;
      try (Scope _ = backend.scope()) {
        shape = work.apply(x.fill(1)).shape();
      }
      Tensor recorded = backend.zeros(shape);
      Tensor anew = backend.zeros(shape);
      try (Recording recording = backend.record(() -> recorded.assign(work.apply(x)))) {
        for (int run = 1; run <= 4; run++) {
          x.write(values(run));
          recording.run();
          try (Scope _ = backend.scope()) {
            anew.assign(work.apply(x));
          }
          assertArrayEquals(anew.toArray(), recorded.toArray(), name + ", run " + run);
        }
      }
    });
  }

  @OnEveryBackend
  void whatIsAddedIsAddedEachTime(Backend backend) {
    Tensor x = backend.zeros(5, 33);
    Tensor w = View.PLAIN.of(backend, random(1, 7, 33));
    Tensor recorded = backend.zeros(5, 7);
    Tensor anew = backend.zeros(5, 7);
    Tensor step = backend.zeros(1);
    try (Recording recording =
        backend.record(() -> {
          contractAdd(recorded, "bs,ns->bn", x, w);
          step.addAssign(step.plus(1).minus(step));
        })) {
      for (int run = 1; run <= 5; run++) {
        x.write(random(run, 5, 33).toArray());
        recording.run();
        contractAdd(anew, "bs,ns->bn", x, w);
        assertArrayEquals(anew.toArray(), recorded.toArray(), "run " + run);
        assertEquals(run, step.item());
      }
    }
  }

  @OnEveryBackend
  void memoryIsNotLentToOthers(Backend backend) {
    Tensor x = backend.zeros(100).fill(1);
    Tensor sum = backend.zeros(100);
    try (Recording recording = backend.record(() -> sum.addAssign(x.plus(1).times(2)))) {
      recording.run();
      recording.run();
      try (Scope _ = backend.scope()) {
        Tensor[] mine = new Tensor[8];
        for (int i = 0; i < mine.length; i++) {
          mine[i] = backend.empty(100).fill(i);
        }
        recording.run();
        for (int i = 0; i < mine.length; i++) {
          assertEquals(100 * i, mine[i].sum().item());
        }
      }
    }
    assertEquals(12, sum.slice(0, 7, 8).item());
  }

  @OnEveryBackend
  void whatCannotBeRepeatedIsRefused(Backend backend) {
    Tensor x = backend.zeros(3);
    try (Recording reading = backend.record(() -> x.toArray());
        Recording writing = backend.record(() -> x.write(new float[3]));
        Recording nested = backend.record(() -> reading.run())) {
      assertRefused(reading, "copy to Java arrays");
      assertRefused(writing, "copy from Java arrays");
      assertRefused(nested, "inside");
    }
    Recording closed = backend.record(() -> x.addAssign(x));
    closed.close();
    assertRefused(closed, "closed");
    assertArrayEquals(new float[3], x.toArray());
  }

  private static void assertRefused(Recording recording, String reason) {
    String message = assertThrows(IllegalStateException.class, recording::run).getMessage();
    assertTrue(message.contains("recording") && message.contains(reason), message);
  }

  /** The first run allocates the memory of the step; replays must allocate nothing. */
  @Test
  void replaysOnTheCpuAllocateNothing() throws ReflectiveOperationException {
    Tensor x = Tensors.CPU.of(values(1), IN);
    Tensor sum = Tensors.CPU.zeros(33, 288);
    Runnable step =
        () -> {
          Tensor y = contract("bs,ns->bn", patches(x), of(x, 33, 288)).softmax(2);
          contractAdd(sum, "bn,bs->ns", y, patches(x));
          sum.addAssign(y.sum(0).reshape(33, 1).times(sum.sumOfSquares(1)));
        };
    try (Recording recording = Tensors.CPU.record(step)) {
      Allocations.assertSettlesBelow(200, 20, "a replay", recording::run);
    }
  }
}
