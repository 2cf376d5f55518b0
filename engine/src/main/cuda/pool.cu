// Max-pooling of images (b, h, w, c) by windows of k x k pixels, and its adjoint.
#include "walk.cuh"

// One thread per output; winners may be null. The first of equal values wins.
extern "C" __global__ void max_pool(
    const float *x, float *out, float *winners, int h, int w, int c, int k, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int channel = i % c;
  unsigned int window = i / c;
  unsigned int columns = w / k;
  unsigned int rows = h / k;
  unsigned int line = window / columns;
  unsigned int image = line / rows;
  size_t corner = ((size_t)image * h + (line - image * rows) * k) * w + window % columns * k;
  float top = x[corner * c + channel];
  int winner = 0;
  for (int j = 1; j < k * k; j++) {
    float value = x[(corner + j / k * w + j % k) * c + channel];
    if (value > top) {
      top = value;
      winner = j;
    }
  }
  out[i] = top;
  if (winners != nullptr) winners[i] = (float)winner;
}

// One thread per element of dx, which takes what is its own.
extern "C" __global__ void max_pool_gradient(
    const float *dy, const float *winners, float *dx, int h, int w, int c, int k, int size) {
  unsigned int i = global_index();
  if (i >= (unsigned int)size) return;
  unsigned int channel = i % c;
  unsigned int pixel = i / c;
  unsigned int column = pixel % w;
  unsigned int line = pixel / w;
  unsigned int row = line % h;
  unsigned int image = line / h;
  unsigned int rows = h / k;
  unsigned int columns = w / k;
  float gradient = 0.0f;
  if (row / k < rows && column / k < columns) {
    size_t window = ((size_t)image * rows + row / k) * columns + column / k;
    size_t from = window * c + channel;
    if ((int)winners[from] == (int)(row % k * k + column % k)) gradient = dy[from];
  }
  dx[i] = gradient;
}
