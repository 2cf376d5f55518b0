package org.fasthebb.engine.internal.cpu;

import java.util.Arrays;
import org.fasthebb.engine.Op;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.internal.kernels.KernelChoice;
import org.fasthebb.engine.internal.kernels.Kernels;
import org.fasthebb.engine.internal.runtime.ThreadPool;

/** Max-pooling of contiguous channels-last images, stride = window, and its adjoint. */
final class Pooling {
  private final ThreadPool pool;
  private final Kernels kernels = KernelChoice.kernels();

  Pooling(ThreadPool pool) {
    this.pool = pool;
  }

  void forward(Tensor x, int k, Tensor out, Tensor winners) {
    int h = x.size(1);
    int w = x.size(2);
    int c = x.size(3);
    int ho = out.size(1);
    int wo = out.size(2);
    float[] xs = x.storage().array();
    float[] os = out.storage().array();
    float[] ws = winners == null ? null : winners.storage().array();
    int xBase = x.layout().offset();
    int oBase = out.layout().offset();
    int wBase = winners == null ? 0 : winners.layout().offset();
    pool.run(
        x.size(0) * ho,
        task -> {
          int image = task / ho;
          int y = task % ho;
          for (int px = 0; px < wo; px++) {
            int window = xBase + ((image * h + y * k) * w + px * k) * c;
            int to = (task * wo + px) * c;
            System.arraycopy(xs, window, os, oBase + to, c);
            if (ws == null) {
              for (int i = 1; i < k * k; i++) {
                int from = window + (i / k * w + i % k) * c;
                kernels.zip(Op.Binary.MAX, os, oBase + to, xs, from, os, oBase + to, c);
              }
            } else {
              Arrays.fill(ws, wBase + to, wBase + to + c, 0f);
              for (int i = 1; i < k * k; i++) {
                int from = window + (i / k * w + i % k) * c;
                kernels.larger(xs, from, i, os, oBase + to, ws, wBase + to, c);
              }
            }
          }
        });
  }

  void backward(Tensor dy, Tensor winners, int k, Tensor dx) {
    int h = dx.size(1);
    int w = dx.size(2);
    int c = dx.size(3);
    int ho = dy.size(1);
    int wo = dy.size(2);
    float[] ys = dy.storage().array();
    float[] ws = winners.storage().array();
    float[] xs = dx.storage().array();
    int yBase = dy.layout().offset();
    int wBase = winners.layout().offset();
    int xBase = dx.layout().offset();
    pool.run(
        dx.size(0),
        image -> {
          int plane = h * w * c;
          Arrays.fill(xs, xBase + image * plane, xBase + (image + 1) * plane, 0f);
          for (int window = 0; window < ho * wo; window++) {
            int from = (image * ho * wo + window) * c;
            int corner = xBase + ((image * h + window / wo * k) * w + window % wo * k) * c;
            for (int j = 0; j < c; j++) {
              int winner = (int) ws[wBase + from + j];
              xs[corner + (winner / k * w + winner % k) * c + j] = ys[yBase + from + j];
            }
          }
        });
  }
}
