// What may be attached; the server looks at the content itself and has the last word.
export const FILE_ENDINGS = ['.pdf', '.docx', '.xlsx', '.jpg', '.jpeg', '.png', '.txt', '.csv']
export const FILE_BYTES_MAX = 20 * 1024 * 1024
