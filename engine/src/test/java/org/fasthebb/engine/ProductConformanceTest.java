package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;
import static org.fasthebb.engine.Contraction.contractInto;
import static org.fasthebb.engine.Tensors.assertClose;

/** Contractions. */
class ProductConformanceTest extends Conformance {
  private static final int[][] MATRICES = {
    {1, 1, 1},
    {1, 33, 5},
    {33, 1, 7},
    {31, 32, 33},
    {64, 65, 17},
    {2, 3, 700},
    {0, 3, 4},
    {3, 0, 4},
    {3, 4, 0},
    {130, 67, 40}
  };

  /** All specifications of matrix products that the project uses. */
  @OnEveryBackend
  void products(Backend backend) {
    for (int[] size : MATRICES) {
      for (String spec :
          new String[] {
            "bs,ns->bn", "bn,bs->ns", "bn,ns->bs", "nm,ms->ns", "bs,bt->st", "bs,ns->nb"
          }) {
        String letters = spec.replace(",", "").replace("->", "");
        char[] distinct =
            letters
                .chars()
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .toCharArray();
        String[] parts = spec.split(",|->");
        Tensor a = random(1, sizes(parts[0], distinct, size));
        Tensor b = random(2, sizes(parts[1], distinct, size));
        Tensor start = random(3, sizes(parts[2], distinct, size));
        check(backend, spec, a, b, start);
      }
    }
  }

  private static int[] sizes(String letters, char[] distinct, int[] size) {
    return letters.chars().map(c -> size[new String(distinct).indexOf(c)]).toArray();
  }

  private static void check(Backend backend, String spec, Tensor a, Tensor b, Tensor start) {
    double[] expected = NaiveContraction.of(spec, a, b);
    double[] added = Tensors.doubles(start);
    for (int i = 0; i < added.length; i++) {
      added[i] += expected[i];
    }
    double tolerance = 2e-5;
    for (View viewA : View.values()) {
      for (View viewB : View.values()) {
        Tensor x = viewA.of(backend, a);
        Tensor y = viewB.of(backend, b);
        String name = spec + " " + viewA + " " + viewB;
        assertClose(name, expected, contract(spec, x, y), tolerance, 1e-5);
        for (View viewC : viewA == viewB ? View.values() : new View[] {viewA}) {
          Tensor out = viewC.of(backend, start);
          assertClose(name + " into", expected, contractInto(out, spec, x, y), tolerance, 1e-5);
          Tensor sum = viewC.of(backend, start);
          assertClose(name + " add", added, contractAdd(sum, spec, x, y), tolerance, 1e-5);
        }
      }
    }
  }

  @OnEveryBackend
  void batchedProducts(Backend backend) {
    check(backend, "kbs,kns->kbn", random(1, 3, 5, 7), random(2, 3, 4, 7), random(3, 3, 5, 4));
    check(backend, "kbs,kns->bkn", random(1, 3, 5, 7), random(2, 1, 4, 7), random(3, 5, 3, 4));
    check(backend, "bks,kns->knb", random(1, 5, 3, 7), random(2, 3, 4, 7), random(3, 3, 4, 5));
    check(
        backend,
        "ijbs,ijns->ijbn",
        random(1, 2, 3, 4, 5),
        random(2, 1, 3, 2, 5),
        random(3, 2, 3, 4, 2));
    check(backend, "b,b->b", random(1, 33), random(2, 33), random(3, 33));
    check(backend, "b,n->bn", random(1, 5), random(2, 7), random(3, 5, 7));
    check(backend, "bs,bs->", random(1, 50, 7), random(2, 50, 7), random(3));
    check(backend, "bsij,nsij->bn", random(1, 5, 2, 3, 4), random(2, 6, 2, 3, 4), random(3, 5, 6));
    check(backend, "bj,ij->jib", random(1, 5, 6), random(2, 3, 6), random(3, 6, 3, 5));
  }

  @OnEveryBackend
  void productsOfPatches(Backend backend) {
    int n = 6;
    for (int[] shape : new int[][] {{2, 9, 8, 3}, {1, 5, 5, 8}, {3, 4, 4, 1}}) {
      for (int[] window : new int[][] {{1, 1}, {3, 2}, {shape[1], shape[2]}, {2, shape[2]}}) {
        Tensor images = random(1, shape);
        Tensor patches = images.patches(window[0], window[1]);
        Tensor copied = patches.copy();
        int rows = copied.size(0);
        int s = copied.size(1);
        Tensor w = random(2, n, s);
        Tensor r = random(3, rows, n);
        for (View view : View.values()) {
          Tensor x = view.of(backend, images).patches(window[0], window[1]);
          Tensor weights = View.PLAIN.of(backend, w);
          assertClose(
              NaiveContraction.of("bs,ns->bn", copied, w),
              contract("bs,ns->bn", x, weights),
              1e-5,
              1e-5);
          assertClose(
              NaiveContraction.of("bn,bs->ns", r, copied),
              contract("bn,bs->ns", View.PLAIN.of(backend, r), x),
              1e-4,
              1e-5);
        }
        // The adjoint of a convolution adds to patches of the gradient, seen as columns of pixels.
        Tensor pixels = View.PLAIN.of(backend, images);
        int ho = shape[1] - window[0] + 1;
        int wo = shape[2] - window[1] + 1;
        Tensor touched = pixels.slice(1, 0, ho).slice(2, 0, wo).flatten(0, 2);
        Tensor wc = random(4, n, shape[3]);
        double[] expected = NaiveContraction.of("bn,ns->bs", r, wc);
        float[] before = touched.toArray();
        for (int i = 0; i < expected.length; i++) {
          expected[i] += before[i];
        }
        contractAdd(touched, "bn,ns->bs", View.PLAIN.of(backend, r), View.PLAIN.of(backend, wc));
        assertClose("pixels", expected, touched, 1e-5, 1e-5);
      }
    }
  }
}
