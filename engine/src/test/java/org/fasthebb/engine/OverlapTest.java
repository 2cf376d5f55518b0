package org.fasthebb.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What views of one storage share, against the places that their elements really have. */
class OverlapTest {
  /** Each element is its place in memory. */
  private static final Tensor PLACES = Tensors.counting(4000);

  /** A random view of a shape: axes in any order in memory, with gaps, stretched or composite. */
  private static Tensor view(Random random, int... shape) {
    int rank = shape.length;
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    int[] parent = new int[rank]; // in memory, axis i of the view is axis order[i]
    for (int i = 0; i < rank; i++) {
      boolean stretches = random.nextInt(8) == 0;
      parent[order[i]] = stretches ? 1 : shape[i] + random.nextInt(3) * random.nextInt(2);
    }
    int offset = random.nextInt(12);
    Tensor x = PLACES.slice(0, offset, offset + Tensors.count(parent)).reshape(parent);
    x = x.permute(order);
    for (int i = 0; i < rank; i++) {
      if (x.size(i) > 1) {
        int from = random.nextInt(x.size(i) - shape[i] + 1);
        x = x.slice(i, from, from + shape[i]);
      }
    }
    return x.broadcast(shape);
  }

  /** The same for a matrix: as above, or with composite rows, or patches. */
  private static Tensor matrix(Random random, int rows, int columns) {
    return switch (random.nextInt(3)) {
      case 0 -> view(random, rows, columns);
      case 1 -> view(random, 2, rows / 2, columns).flatten(0, 1);
      default -> view(random, 1, rows / 2 + 1, 3, columns / 2).patches(2, 2);
    };
  }

  private static boolean repeats(float[] places) {
    return places(places).size() < places.length;
  }

  private static Set<Float> places(float[] places) {
    Set<Float> set = new HashSet<>();
    for (float place : places) {
      set.add(place);
    }
    return set;
  }

  private static boolean shares(float[] a, float[] b) {
    Set<Float> places = places(a);
    places.retainAll(places(b));
    return !places.isEmpty();
  }

  /** Whether an element of b is the place of an element of a that has another index. */
  private static boolean crosses(float[] a, float[] b) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        if (i != j && a[i] == b[j]) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void anyTwoViews() {
    Random random = new Random(1);
    int[] seen = new int[4];
    for (int i = 0; i < 20_000; i++) {
      boolean isMatrix = random.nextBoolean();
      int[] shape =
          random
              .ints(isMatrix ? 2 : 1 + random.nextInt(4), 1, 4)
              .map(n -> isMatrix ? 2 * n : n)
              .toArray();
      Tensor a = isMatrix ? matrix(random, shape[0], shape[1]) : view(random, shape);
      Tensor b = isMatrix ? matrix(random, shape[0], shape[1]) : view(random, shape);
      shape = a.shape();
      if (!Arrays.equals(shape, b.shape())) {
        continue;
      }
      float[] placesOfA = a.toArray();
      float[] placesOfB = b.toArray();
      String what = "case " + i + ", " + Arrays.toString(placesOfA) + Arrays.toString(placesOfB);
      assertEquals(repeats(placesOfA), Overlap.isWithin(a.layout()), what);
      if (Overlap.isApart(a, b)) {
        assertFalse(shares(placesOfA, placesOfB), what);
        seen[0]++;
      } else if (!repeats(placesOfA) && Overlap.isElementwise(a, b)) {
        assertFalse(crosses(placesOfA, placesOfB), what);
        seen[1]++;
      } else {
        seen[crosses(placesOfA, placesOfB) ? 2 : 3]++;
      }
    }
    assertTrue(Arrays.stream(seen, 0, 3).allMatch(n -> n > 100), Arrays.toString(seen));
  }

  /** Nothing is copied without need. */
  @Test
  void slicesOfOneTensorAreToldApart() {
    Random random = new Random(2);
    for (int i = 0; i < 5_000; i++) {
      int[] whole = random.ints(1 + random.nextInt(4), 1, 6).toArray();
      int[] sizes = Arrays.stream(whole).map(n -> 1 + random.nextInt(n)).toArray();
      Tensor all = PLACES.slice(0, 3, 3 + Tensors.count(whole)).reshape(whole);
      Tensor a = all;
      Tensor b = all;
      for (int axis = 0; axis < whole.length; axis++) {
        int x = random.nextInt(whole[axis] - sizes[axis] + 1);
        int y = random.nextInt(whole[axis] - sizes[axis] + 1);
        a = a.slice(axis, x, x + sizes[axis]);
        b = b.slice(axis, y, y + sizes[axis]);
      }
      String what =
          Arrays.toString(whole) + Arrays.toString(a.toArray()) + Arrays.toString(b.toArray());
      assertEquals(!shares(a.toArray(), b.toArray()), Overlap.isApart(a, b), what);
      assertEquals(!crosses(a.toArray(), b.toArray()), Overlap.isElementwise(a, b), what);
    }
  }

  @Test
  void whatIsWrittenElementByElementIsNotCopied() {
    Tensor x = Tensors.counting(4, 6, 5);
    assertTrue(Overlap.isElementwise(x, x.reshape(4, 6, 5)));
    assertTrue(Overlap.isElementwise(x.reshape(24, 5), x.flatten(0, 1)));
    Tensor turned = x.permute(2, 0, 1);
    assertTrue(Overlap.isElementwise(turned, turned.broadcast(5, 4, 6)));
    assertTrue(Overlap.isElementwise(x, Tensors.counting(4, 6, 5)));
    assertFalse(Overlap.isApart(x, x.slice(0, 3, 4)));
  }
}
