// The adjoint of cutting patches.
#include "walk.cuh"

// Each pixel of x (images, h, w, c) is the sum of the values that it has in patches (B, kh kw c),
// ordered by its place in them.
extern "C" __global__ void fold(
    const float *patches, float *x, int h, int w, int c, int kh, int kw, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  int channel = (int)(i % (unsigned int)c);
  int column = (int)(i / c % (unsigned int)w);
  unsigned int line = i / c / w;
  int row = (int)(line % (unsigned int)h);
  size_t image = line / h;
  int rows = h - kh + 1;
  int columns = w - kw + 1;
  float sum = 0.0f;
  for (int dy = max(0, row - rows + 1); dy <= min(kh - 1, row); dy++) {
    for (int dx = max(0, column - columns + 1); dx <= min(kw - 1, column); dx++) {
      size_t patch = (image * rows + (row - dy)) * columns + (column - dx);
      sum += patches[(patch * kh * kw + dy * kw + dx) * c + channel];
    }
  }
  x[i] = sum;
}
