// The order in which people read names: web2 before web10.

export const naturally = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
