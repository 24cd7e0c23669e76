// What may be attached; the server looks at the content itself and has the last word.
export const FILE_ENDINGS = ['.pdf', '.docx', '.xlsx', '.jpg', '.jpeg', '.png', '.txt', '.csv']
export const FILE_BYTES_MAX = 20 * 1024 * 1024
// What is read as text; of a PDF its text layer, of a web page what is not menu.
export const TEXT_ENDINGS = ['.docx', '.pdf', '.html', '.htm', '.txt']
export const TEXT_BYTES_MAX = 32 * 1024 * 1024
