export declare function runReadmeExample(
  packageFolder: string,
  environment?: Record<string, string>,
): Promise<{ readonly stdout: string; readonly stderr: string }>
